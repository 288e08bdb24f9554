"""``python -m ggu_costs``: the command line."""

from ggu_costs.cli import main

if __name__ == "__main__":
    main()
