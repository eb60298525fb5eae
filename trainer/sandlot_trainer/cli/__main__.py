"""`python -m sandlot_trainer.cli`, for launchers that start modules."""

from sandlot_trainer.cli import main

main()
