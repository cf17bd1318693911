// One server serves all tests, and what one has under way would show in the positions that another reads.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
