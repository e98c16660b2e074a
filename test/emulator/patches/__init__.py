"""What the tests need of AWS and MiniStack lacks, one concern per module."""
