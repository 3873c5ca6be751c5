"""What the pages of guests and citizens show: the function that feeds a partial has the partial's name (§2–§4)."""
