"""What is seen of an opportunity: card, page, forms, lines, lists."""
