using System.Runtime.CompilerServices;
using CioOrleans.Grains.Workspaces;

namespace CioOrleans.Workspaces;

public sealed class GrainCallsTests
{
    [Fact]
    public void A_rejected_call_never_ran() => Assert.True(GrainCalls.NeverRan((Exception)RuntimeHelpers.GetUninitializedObject(typeof(OrleansMessageRejectionException))));

    [Fact]
    public void A_call_to_a_silo_that_died_may_have_run() => Assert.False(GrainCalls.NeverRan(new SiloUnavailableException("dead")));

    [Fact]
    public void A_call_that_timed_out_may_have_run() => Assert.False(GrainCalls.NeverRan(new TimeoutException()));
}
