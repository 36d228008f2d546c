"""What touchpoints, channels and stages are called."""
