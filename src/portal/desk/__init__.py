"""What the desks of the staff show (§3–§5): queues, cases, the journal in words, the numbers of control."""
