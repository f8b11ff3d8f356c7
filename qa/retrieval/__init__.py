"""What is near a question: candidates of both indexes, fused, and read token by token."""
