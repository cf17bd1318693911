using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using CioOrleans.Sandbox;

namespace CioOrleans.EndToEnd;

/// <summary>TLS on the front door, by Kestrel's own settings.</summary>
public sealed class HttpsTests
{
    [Theory(Timeout = TestTimeout.OfProcesses)]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task The_API_is_served_over_https(string version)
    {
        using var data = new DataFolder();
        await using var receiver = await SandboxServer.StartAsync(new SandboxOptions { Url = "http://127.0.0.1:0", RecordRequests = 10 });
        using var certificate = WriteCertificate(data.Path, out var certificateFile, out var keyFile);
        var plain = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        var secure = new Uri($"https://127.0.0.1:{FreePort.Next()}");
        await using var process = Dispatcher.Launch(
            plain,
            data,
            receiver.Url,
            ("Kestrel__Endpoints__Plain__Url", plain.ToString()),
            ("Kestrel__Endpoints__Api__Url", secure.ToString()),
            ("Kestrel__Endpoints__Api__Certificate__Path", certificateFile),
            ("Kestrel__Endpoints__Api__Certificate__KeyPath", keyFile));
        using var handler = new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = (_, presented, _, _) => presented?.Thumbprint == certificate.Thumbprint,
        };
        using var caller = new HttpClient(handler)
        {
            BaseAddress = secure,
            DefaultRequestVersion = Version.Parse(version),
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
            DefaultRequestHeaders = { Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Dispatcher.SiteId}:{Dispatcher.ApiKey}"))) },
        };
        await WaitUntilReadyAsync(caller, process);

        using var content = new StringContent("""{"plan":"pro"}""", Encoding.UTF8, "application/json");
        using var response = await caller.PutAsync(new Uri("/api/v1/customers/a%2Fb", UriKind.Relative), content);

        Assert.Equal((HttpStatusCode.OK, Version.Parse(version), "{}"), (response.StatusCode, response.Version, await response.Content.ReadAsStringAsync()));
        await receiver.WaitForProcessedAsync(1);
        Assert.Equal("/api/v1/customers/a%2Fb", Assert.Single(receiver.Requests).RawTarget);
    }

    private static X509Certificate2 WriteCertificate(string folder, out string certificateFile, out string keyFile)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        certificateFile = Path.Combine(folder, "trial.crt");
        keyFile = Path.Combine(folder, "trial.key");
        File.WriteAllText(certificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        return certificate;
    }

    /// <summary>Bounded by the end of the process, which does not outlive a failed start.</summary>
    private static async Task WaitUntilReadyAsync(HttpClient caller, ChildProcess process)
    {
        var exited = process.WaitAsync();
        while (!exited.IsCompleted)
        {
            try
            {
                using var answer = await caller.GetAsync(new Uri("/health/ready", UriKind.Relative));
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }

        throw new InvalidOperationException($"The dispatcher ended with {await exited} before it was ready:\n{process.Output}");
    }
}
