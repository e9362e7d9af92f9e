"""`python -m symsl` is `symsl`."""

from symsl.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
