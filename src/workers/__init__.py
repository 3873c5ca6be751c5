"""What happens after the response: letters, pictures, clocks, news; the domain decides, the workers carry out."""
