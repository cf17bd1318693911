namespace CioOrleans.Simulation;

public sealed class FaultMixTests
{
    [Fact]
    public void Every_promise_is_kept_under_every_mix_of_faults()
    {
        foreach (var seed in Seeds.Many(200))
        {
            FaultMixes.Draw(seed).Run();
        }
    }
}
