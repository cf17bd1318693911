using CioOrleans.Grains.Outbox;

namespace CioOrleans.Outbox.Tests.Contract;

public abstract class WorkspaceStateContract<THarness> : OutboxContract<THarness>
    where THarness : OutboxHarness, new()
{
    [Fact]
    public async Task A_workspace_is_not_paused_at_first() => Assert.Null(await States.ReadPauseAsync(Workspace));

    [Fact]
    public async Task A_pause_survives_reopening_until_it_is_ended()
    {
        Assert.IsType<WriteResult.Written>(await States.WritePauseAsync(Workspace, "Wartung für Öffentliches"));
        await ReopenAsync();

        Assert.Equal("Wartung für Öffentliches", await States.ReadPauseAsync(Workspace));
        Assert.Null(await States.ReadPauseAsync("other"));

        Assert.IsType<WriteResult.Written>(await States.WritePauseAsync(Workspace, null));
        await ReopenAsync();
        Assert.Null(await States.ReadPauseAsync(Workspace));
    }

    [Fact]
    public async Task A_secret_is_made_once_and_stays()
    {
        Assert.Null(await States.ReadSecretAsync("queues"));
        Assert.IsType<WriteResult.Written>(await States.AddSecretAsync("queues", [1, 2, 3]));
        Assert.IsType<WriteResult.Written>(await States.AddSecretAsync("queues", [4, 5, 6]));
        await ReopenAsync();

        Assert.Equal([1, 2, 3], await States.ReadSecretAsync("queues"));
        Assert.Null(await States.ReadSecretAsync("others"));
    }

    [Fact]
    public async Task The_state_of_a_replay_survives_a_restart_and_is_replaced()
    {
        Assert.Null(await States.ReadReplayAsync(Workspace));
        Assert.IsType<WriteResult.Written>(await States.WriteReplayAsync(Workspace, "{\"a\":\"ü\"}"));
        Assert.IsType<WriteResult.Written>(await States.WriteReplayAsync(Workspace, "{\"b\":1}"));
        await ReopenAsync();

        Assert.Equal("{\"b\":1}", await States.ReadReplayAsync(Workspace));
        Assert.Null(await States.ReadReplayAsync("other"));
    }
}
