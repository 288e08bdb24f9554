"""``python -m ggu_costs.cli``."""

from ggu_costs.cli import main

if __name__ == "__main__":
    main()
