"""A campaign of mutants: what people might type, broken at random, against all that reads it.

python -m tests.campaign --inputs 1000000 --jobs 2
"""
