using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace CioOrleans.Cluster;

/// <summary>A cluster of its own, whose processes recognise each other by certificates.</summary>
[Collection(BesideTheCluster.Name)]
public sealed class TlsTests(ITestOutputHelper output)
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    private int _number;

    [Fact(Timeout = TestTimeout.OfProcesses)]
    public async Task A_cluster_with_TLS_delivers_takes_renewed_certificates_and_refuses_strangers()
    {
        Assert.SkipWhen(PostgresServer.MissingReason is not null, PostgresServer.MissingReason ?? "");
        var folder = Directory.CreateTempSubdirectory("cio-tls-");
        try
        {
            using var ours = new TestAuthority(folder.FullName, "ours");
            using var theirs = new TestAuthority(folder.FullName, "theirs");
            ours.Issue("peer");
            await using var server = await PostgresServer.StartNewAsync();
            await using var cluster = await ClusterHarness.StartAsync(silos: 2, frontEnds: 1, server.ConnectionString(), Settings(ours));
            await AssertDeliversAsync(cluster);

            // A front-end without a certificate, and one with the certificate of another authority.
            theirs.Issue("peer");
            var plain = cluster.AddFrontEnd(1, Settings(null));
            var foreign = cluster.AddFrontEnd(2, Settings(theirs));

            // A silo finds no peer either, and does not become active.
            var foreignSilo = (await cluster.AddSiloAsync(Settings(theirs))).Process;
            ClusterProcess[] strangers = [plain, foreign, foreignSilo];
            Array.ForEach(strangers, stranger => stranger.Begin());
            await WaitForLineAsync(plain, "No silo can be reached yet");
            await WaitForLineAsync(foreign, "No silo can be reached yet");
            await WaitForLineAsync(foreignSilo, "Authentication failed");
            await AssertDeliversAsync(cluster);
            foreach (var stranger in strangers)
            {
                Assert.False(await stranger.IsReadyAsync(), $"{stranger.Name} was let in:\n{stranger.Output}");
            }

            Assert.Contains(cluster.Silos, silo => silo.Process.Output.Contains("Authentication failed", StringComparison.Ordinal));
            await Task.WhenAll(strangers.Select(stranger => stranger.KillAsync()));

            // An attacker does not look at the silo's certificate: the silo itself refuses, on both ports.
            using var namesake = new TestAuthority(folder.CreateSubdirectory("namesake").FullName, "ours");
            var place = cluster.Silos[0].Place;
            foreach (var port in new[] { place.SiloPort, place.GatewayPort })
            {
                Assert.True(await IsLetInAsync(place.Address, port, ours.Issue("other")));
                Assert.False(await IsLetInAsync(place.Address, port, null));
                Assert.False(await IsLetInAsync(place.Address, port, theirs.Issue("other")));
                Assert.False(await IsLetInAsync(place.Address, port, namesake.Issue("other")));
                Assert.False(await IsLetInAsync(place.Address, port, ours.Issue("server", [TestAuthority.ServerAuthentication])));
                Assert.False(await IsLetInAsync(place.Address, port, ours.Issue("past", from: -3)));
            }

            // The files are replaced: the next connection uses the new ones, and a front-end that has only them is let in.
            ours.Issue("peer");
            var late = cluster.AddFrontEnd(3, Settings(ours));
            await late.StartAsync();
            await AssertDeliversAsync(cluster);
            Assert.Contains(cluster.Silos, silo => silo.Process.Output.Split("Connections between processes use the certificate").Length > 2);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Dictionary<string, string> Settings(TestAuthority? authority) => new()
    {
        ["Dispatcher__Cluster__Tls__Certificate"] = authority?.PathOf("peer") ?? "",
        ["Dispatcher__Cluster__Tls__Key"] = authority?.PathOf("peer-key") ?? "",
        ["Dispatcher__Cluster__Tls__Authority"] = authority?.RootFile ?? "",
    };

    /// <summary>Opens a connection. A silo waits for the first message of a peer that it lets in, and hangs up on any other.</summary>
    private static async Task<bool> IsLetInAsync(string address, int port, (string Certificate, string Key)? files)
    {
        using var certificate = files is { } pem ? X509Certificate2.CreateFromPemFile(pem.Certificate, pem.Key) : null;
        using var socket = new TcpClient();
        await socket.ConnectAsync(address, port);
        await using var tls = new SslStream(socket.GetStream());
        try
        {
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.Subject == "CN=peer",
                ClientCertificateContext = certificate is null ? null : SslStreamCertificateContext.Create(certificate, null, offline: true),
                ApplicationProtocols = [new SslApplicationProtocol("Orleans1")],
            });
            var read = tls.ReadAsync(new byte[1]).AsTask();

            // The silo hangs up once it has looked at the certificate, within milliseconds.
            return await Task.WhenAny(read, Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System)) != read || await read > 0;
        }
        catch (Exception exception) when (exception is IOException or AuthenticationException)
        {
            return false;
        }
    }

    private static Task WaitForLineAsync(ClusterProcess process, string line) => Wait.UntilAsync($"The line '{line}' of {process.Name}", _patience, () =>
    {
        var output = process.Output;
        Assert.True(process.IsRunning, $"{process.Name} has ended:\n{output}");
        return output.Contains(line, StringComparison.Ordinal);
    });

    /// <summary>Several customers, so that calls cross from silo to silo.</summary>
    private async Task AssertDeliversAsync(ClusterHarness cluster)
    {
        using var http = new HttpClient { BaseAddress = cluster.FrontEnds[0].Url, Timeout = TimeSpan.FromSeconds(30) };
        http.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String("site:key"u8));
        var people = Enumerable.Range(0, 20).Select(_ => $"tls-{_number++}").ToArray();
        foreach (var person in people)
        {
            using var body = new StringContent("{}", new System.Net.Http.Headers.MediaTypeHeaderValue("application/json"));
            using var answer = await http.PutAsync(new Uri($"/api/v1/customers/{person}", UriKind.Relative), body);
            Assert.True(answer.IsSuccessStatusCode, $"{person}: {answer.StatusCode}");
        }

        await cluster.WaitUntilEmptyAsync();
        var arrived = cluster.Sandbox.Requests.Select(request => request.RawTarget).ToArray();
        Assert.All(people, person => Assert.Contains($"/api/v1/customers/{person}", arrived));
        output.WriteLine($"{people.Length} calls delivered.");
    }
}
