"""What sources state of an article: fields, authors and dates as they write them."""
