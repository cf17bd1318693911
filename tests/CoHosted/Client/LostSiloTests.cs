using CioOrleans.Client;
using CioOrleans.Customers;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.TestingHost;

namespace CioOrleans.CoHosted.Tests.Client;

/// <summary>A client whose only silo has gone.</summary>
public sealed class LostSiloTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task A_call_of_a_process_that_has_never_found_a_silo_is_unavailable()
    {
        var builder = new InProcessTestClusterBuilder(initialSilosCount: 1);
        builder.ConfigureSiloHost((_, host) => host.Services.AddSingleton(new Recorder()).AddSingleton(RecordingGrainKeyGrain.Keys));
        builder.ConfigureClientHost(host => host.Services.AddCioDispatcher().Configure<ClientMessagingOptions>(options => options.ResponseTimeout = _patience));
        await using var cluster = builder.Build();
        await cluster.DeployAsync();
        var customer = cluster.Client.ServiceProvider.GetRequiredService<IDispatcher>().Workspace(Recorder.Recording).Customer("u1");
        await cluster.StopSilosAsync();

        var result = await customer.IdentifyAsync();

        Assert.Equal(new AcceptResult.Unavailable("No silo can be reached at the moment. Try again.", TimeSpan.FromSeconds(1)), result);
    }
}
