using CioOrleans.Postgres.Outbox;
using CioOrleans.Postgres.Tests.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CioOrleans.Postgres.Tests.Clustering;

public sealed class TwoSiloTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task Two_silos_find_each_other_and_a_client_finds_both_and_one_sees_the_other_leave()
    {
        PostgresMigrations.Run(database.ConnectionString);
        using var first = ClusterHosts.Silo(database.ConnectionString, "pair");
        using var second = ClusterHosts.Silo(database.ConnectionString, "pair");
        await first.StartAsync();
        await second.StartAsync();
        await UntilActiveAsync(first, 2);
        await UntilActiveAsync(second, 2);

        using var client = ClusterHosts.Client(database.ConnectionString, "pair");
        await client.StartAsync();
        var management = client.Services.GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0);
        Assert.Equal(2, (await management.GetHosts(onlyActive: true)).Count);
        await client.StopAsync();

        await second.StopAsync();
        await UntilActiveAsync(first, 1);
        await first.StopAsync();
    }

    private static async Task UntilActiveAsync(IHost silo, int count)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await foreach (var snapshot in silo.Services.GetRequiredService<IClusterMembershipService>().MembershipUpdates.WithCancellation(patience.Token))
        {
            if (snapshot.Members.Values.Count(member => member.Status == SiloStatus.Active) == count)
            {
                return;
            }
        }
    }
}
