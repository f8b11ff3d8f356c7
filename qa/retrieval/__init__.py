"""What is near a question: candidates of both indexes, fused, and compared token by token."""
