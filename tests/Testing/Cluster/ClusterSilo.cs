using CioOrleans.Testing.Network;

namespace CioOrleans.Testing.Cluster;

/// <summary>A silo of the cluster.</summary>
public sealed record ClusterSilo(ClusterProcess Process, SiloPlace Place)
{
    /// <summary>Whether Orleans means one of its runs by such an address (<c>S127.0.0.1:11111:generation</c>).</summary>
    public bool IsAt(string siloAddress) => siloAddress.StartsWith($"S{Place.Address}:{Place.SiloPort}:", StringComparison.Ordinal);

    /// <summary>The samples of the dispatcher's own meter, without the label that names the meter. They are asked for where the silo runs: its admin listener is on loopback.</summary>
    public async Task<IReadOnlyList<string>> ScrapeAsync()
    {
        var samples = await TryScrapeAsync();
        Assert.True(samples.Count > 0, $"{Process.Name} did not show its metrics.");
        return samples;
    }

    /// <summary>The same; empty if the silo does not answer.</summary>
    public async Task<IReadOnlyList<string>> TryScrapeAsync()
    {
        IReadOnlyList<string> command = [.. Place.RunPrefix, "curl", "-sS", "--max-time", "10", new Uri(Process.Admin, "/metrics").ToString()];
        await using var curl = ChildProcess.Start(command[0], command.Skip(1));
        return await curl.WaitAsync() != 0 ? [] : [.. curl.Output.Split('\n').Where(line => line.StartsWith("cio_", StringComparison.Ordinal)).Select(line => line.Replace("otel_scope_name=\"CioOrleans\",", string.Empty, StringComparison.Ordinal).Replace("{otel_scope_name=\"CioOrleans\"}", string.Empty, StringComparison.Ordinal))];
    }
}
