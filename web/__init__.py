"""How it is shown: components, forms, refusals as pages. Knows no domain; every app above may use it."""
