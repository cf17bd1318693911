using System.ComponentModel;
using System.Diagnostics;

namespace CioOrleans.Testing.Network;

/// <summary>
/// Every silo in a network namespace of its own, behind a router that is a namespace too. What the router is told to drop is lost
/// without a word, as in a real network: neither end gets an error. PostgreSQL, the sandbox and the front-ends stay outside, each
/// under an address of its own on the link to the router.
/// </summary>
public sealed class NamespaceNetwork : IClusterNetwork
{
    /// <summary>Connections between silos and from front-ends; the same in every namespace.</summary>
    private const int SiloPort = 11_111, GatewayPort = 30_000, HealthPort = 5_082;

    private readonly string _prefix;
    private readonly string _subnet;
    private readonly List<string> _namespaces = [];
    private readonly List<(string From, string To)> _cuts = [];

    private NamespaceNetwork(string name, int subnet)
    {
        _prefix = name;
        _subnet = $"10.213.{subnet}";
    }

    public string DatabaseAddress => $"{_subnet}.10";

    public string SandboxAddress => $"{_subnet}.11";

    /// <summary>From which the front-ends come.</summary>
    public string FrontEndAddress => $"{_subnet}.9";

    public string? CannotCutReason => null;

    private string Router => $"{_prefix}r";

    private string Link => $"{_prefix}h";

    /// <summary>Lays it out; where that is not allowed, everything goes over loopback and nothing can be cut.</summary>
    /// <param name="suffix">Tells it from another network of this process; one letter at most.</param>
    public static async Task<IClusterNetwork> CreateAsync(string suffix = "")
    {
        // The kernel takes 15 characters for the name of a link.
        var network = new NamespaceNetwork($"cio{Environment.ProcessId}{suffix}", (Environment.ProcessId + (suffix.Length * 100)) % 250);
        try
        {
            await network.LayOutAsync();
            return network;
        }
        catch (Exception exception) when (exception is InvalidOperationException or Win32Exception)
        {
            await network.DisposeAsync();
            return new LoopbackNetwork($"Network namespaces cannot be made here: {exception.Message}");
        }
    }

    public async Task<SiloPlace> AddSiloAsync(int number)
    {
        // A /30 a silo: the router has the first address, the silo the second.
        var space = $"{_prefix}s{number}";
        var (gateway, address) = ($"{_subnet}.{64 + (4 * number) + 1}", $"{_subnet}.{64 + (4 * number) + 2}");
        await AddNamespaceAsync(space);
        await IpAsync($"link add {space}r netns {Router} type veth peer name eth0 netns {space}");
        await IpAsync($"-n {Router} addr add {gateway}/30 dev {space}r");
        await IpAsync($"-n {Router} link set {space}r up");
        await IpAsync($"-n {space} addr add {address}/30 dev eth0");
        await IpAsync($"-n {space} link set eth0 up");
        await IpAsync($"-n {space} route add default via {gateway}");
        return new SiloPlace(address, SiloPort, GatewayPort, HealthPort, ["ip", "netns", "exec", space]);
    }

    public async Task CutAsync(string address, string otherAddress)
    {
        await CutOneWayAsync(address, otherAddress);
        await CutOneWayAsync(otherAddress, address);
    }

    /// <summary>Packets from one address to the other vanish; those of the other way pass.</summary>
    public async Task CutOneWayAsync(string from, string to)
    {
        await IpAsync($"-n {Router} rule add pref 100 from {from} to {to} blackhole");
        _cuts.Add((from, to));
    }

    /// <summary>Leads all packets from one address to the other through a line of this process, which may hold them.</summary>
    public async Task<DelayLine> AddDelayLineAsync(string from, string to)
    {
        var name = $"{_prefix}t";
        var line = DelayLine.Create(name);
        await IpAsync($"link set {name} netns {Router}");
        await IpAsync($"-n {Router} link set {name} up");
        await RunAsync("ip", ["netns", "exec", Router, "sh", "-c", "echo 0 > /proc/sys/net/ipv4/conf/all/rp_filter; echo 0 > /proc/sys/net/ipv4/conf/" + name + "/rp_filter"]);
        await IpAsync($"-n {Router} route add default dev {name} table 200");
        await IpAsync($"-n {Router} rule add pref 90 iif {name} lookup main");
        await IpAsync($"-n {Router} rule add pref 95 from {from} to {to} lookup 200");
        return line;
    }

    public async Task MendAsync()
    {
        foreach (var (from, to) in _cuts)
        {
            await IpAsync($"-n {Router} rule del pref 100 from {from} to {to} blackhole");
        }

        _cuts.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var space in _namespaces)
        {
            await TryAsync($"netns del {space}");
        }

        await TryAsync($"link del {Link}");
    }

    private async Task LayOutAsync()
    {
        await AddNamespaceAsync(Router);
        await RunAsync("ip", ["netns", "exec", Router, "sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward"]);
        await IpAsync($"link add {Link} type veth peer name eth0 netns {Router}");
        await IpAsync($"addr add {_subnet}.1/30 dev {Link}");
        foreach (var address in new[] { FrontEndAddress, DatabaseAddress, SandboxAddress })
        {
            await IpAsync($"addr add {address}/32 dev {Link}");
        }

        await IpAsync($"link set {Link} up");
        await IpAsync($"-n {Router} addr add {_subnet}.2/30 dev eth0");
        await IpAsync($"-n {Router} link set eth0 up");
        await IpAsync($"-n {Router} route add {_subnet}.8/29 via {_subnet}.1");
        await IpAsync($"route add {_subnet}.64/26 via {_subnet}.2 src {FrontEndAddress}");
        RemoveAfterThisProcess();
    }

    /// <summary>Whatever becomes of the tests' process, neither its namespaces nor the silos in them outlive it.</summary>
    private void RemoveAfterThisProcess()
    {
        const string script =
            """
            trap '' HUP INT TERM
            while kill -0 $0 2> /dev/null; do sleep 1; done
            for space in $(ip netns list | cut -d' ' -f1 | grep "^$1[rs][0-9]*$"); do
              for process in $(ip netns pids $space); do kill -9 $process; done
              ip netns del $space
            done
            """;
        Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"({script}) > /dev/null 2>&1 < /dev/null &", $"{Environment.ProcessId}", _prefix]))!.Dispose();
    }

    private async Task AddNamespaceAsync(string name)
    {
        await IpAsync($"netns add {name}");
        _namespaces.Add(name);
        await IpAsync($"-n {name} link set lo up");
    }

    private static Task IpAsync(string arguments) => RunAsync("ip", arguments.Split(' '));

    private static async Task TryAsync(string arguments)
    {
        try
        {
            await IpAsync(arguments);
        }
        catch (Exception exception) when (exception is InvalidOperationException or Win32Exception)
        {
            // It was never made.
        }
    }

    private static async Task RunAsync(string program, string[] arguments)
    {
        await using var process = ChildProcess.Start(program, arguments);
        if (await process.WaitAsync() is not 0 and var code)
        {
            throw new InvalidOperationException($"'{program} {string.Join(' ', arguments)}' ended with {code}: {process.Output}");
        }
    }
}
