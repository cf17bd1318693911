// The tests of the shared cluster run one after the other; those with a network or a cluster of their own run beside them, in one collection.
[assembly: Xunit.v3.Parallelization(MaxThreads = 2)]
