"""The record of one researcher: seen by themselves, their supervisors and whoever runs their cohort."""
