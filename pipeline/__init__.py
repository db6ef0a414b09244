"""Composition: intake, derive, relate, check, load, evaluate. Plain functions that run without Prefect."""
