"""What goes in and comes out as JSON: Pydantic models that every skin shares."""
