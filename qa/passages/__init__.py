"""An article becomes passages: cut, encoded, stored in batches."""
