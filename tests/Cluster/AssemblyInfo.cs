// All tests share one cluster, one after the other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
