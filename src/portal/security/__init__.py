"""Who is who, and what keeps others from pretending: sessions, tokens, headers, safe ways back."""
