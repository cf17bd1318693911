using CioOrleans.Simulation.Sends;

namespace CioOrleans.Simulation;

/// <summary>Sends that callers repeat under a key.</summary>
public sealed class KeyedSendTests
{
    [Fact]
    public void Without_faults_every_caller_is_told_that_its_message_was_sent()
    {
        var told = new SendSimulation(Seeds.One(1), SendFaults.None).Run(keys: 500);

        Assert.Equal(["Answered 200", "other content"], told.Keys.Order());
    }

    [Fact]
    public void With_slow_commits_and_twins_each_message_goes_out_once()
    {
        foreach (var seed in Seeds.Many(10))
        {
            new SendSimulation(seed, SendFaults.SlowTwins).Run(keys: 200);
        }
    }

    [Fact]
    public void With_every_fault_each_message_goes_out_once_and_every_caller_gets_the_answer_or_an_honest_unknown()
    {
        var told = new Dictionary<string, int>();
        foreach (var seed in Seeds.Many(10))
        {
            foreach (var (answer, count) in new SendSimulation(seed, SendFaults.Everything).Run(keys: 500))
            {
                told[answer] = told.GetValueOrDefault(answer) + count;
            }
        }

        Assert.Equal(["Answered 200", "Answered 400", "Unknown 0", "other content"], told.Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(nameof(SendDefect.ForgetsKeys))]
    [InlineData(nameof(SendDefect.BindsInASecondCommit))]
    [InlineData(nameof(SendDefect.LooksOnlyBefore))]
    [InlineData(nameof(SendDefect.DoesNotMark))]
    [InlineData(nameof(SendDefect.AnswersApart))]
    [InlineData(nameof(SendDefect.MarksWithoutName))]
    public void A_defect_is_found(string defect) =>
        Assert.Contains(Seeds.Many(40), seed =>
        {
            try
            {
                new SendSimulation(seed, seed % 2 == 0 ? SendFaults.Everything : SendFaults.SlowTwins, Enum.Parse<SendDefect>(defect)).Run(keys: 200);
                return false;
            }
            catch (SimulationFailedException)
            {
                return true;
            }
        });
}
