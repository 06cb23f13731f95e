"""What is erased of a person once their data need not be kept."""
