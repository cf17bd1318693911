using System.Net;
using CioOrleans.Silo.Configuration;
using CioOrleans.Silo.Hosting;
using CioOrleans.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace CioOrleans.Operating.Tests;

public sealed class PeerTlsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cio-tls-");
    private readonly TestAuthority _authority;
    private readonly TlsSettings _files;
    private readonly FakeLogger<PeerTls> _log = new();

    public PeerTlsTests()
    {
        _authority = new TestAuthority(_folder.FullName, "ours");
        var (certificate, key) = _authority.Issue("peer");
        _files = new TlsSettings(certificate, key, _authority.RootFile);
    }

    [Fact]
    public void Replaced_files_are_used_and_wrong_ones_leave_the_last_right_ones_in_use()
    {
        var tls = new PeerTls(_files, _log);
        var first = Thumbprint(tls);
        Assert.Equal(first, Thumbprint(tls));

        // Between the writing of one file and of the next, the key does not fit.
        var key = File.ReadAllText(_files.Key);
        _authority.Issue("peer");
        File.WriteAllText(_files.Key, key);
        Assert.Equal(first, Thumbprint(tls));
        Assert.Equal(first, Thumbprint(tls));
        File.Delete(_files.Authority);
        Assert.Equal(first, Thumbprint(tls));

        using var root = new TestAuthority(_folder.FullName, "ours");
        _authority.Issue("peer");
        Assert.Equal(first, Thumbprint(tls));
        root.Issue("peer");
        Assert.NotEqual(first, Thumbprint(tls));
        Assert.Equal(
            ["Information", "Warning Key", "Warning Authority", "Warning Certificate", "Information"],
            _log.Collector.GetSnapshot().Select(line => line.Level == LogLevel.Warning ? $"Warning {line.Message.Split(':', ' ')[3]}" : $"{line.Level}"));
    }

    [Fact]
    public void At_the_start_a_wrong_file_is_one_line()
    {
        File.Delete(_files.Key);

        var exception = Assert.Throws<IOException>(() => new PeerTls(_files, _log));
        Assert.Equal(
            $"Dispatcher:Cluster:Tls:Key = '{_files.Key}': expected a readable PEM file with the private key of Certificate, not encrypted.", exception.Message);
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("::1", true)]
    [InlineData("10.255.0.1", true)]
    [InlineData("172.16.0.1", true)]
    [InlineData("172.31.255.255", true)]
    [InlineData("192.168.1.1", true)]
    [InlineData("169.254.1.1", true)]
    [InlineData("::ffff:10.0.0.1", true)]
    [InlineData("fd00::1", true)]
    [InlineData("fe80::1", true)]
    [InlineData("11.0.0.1", false)]
    [InlineData("172.15.255.255", false)]
    [InlineData("172.32.0.1", false)]
    [InlineData("192.169.0.1", false)]
    [InlineData("203.0.113.7", false)]
    [InlineData("::ffff:203.0.113.7", false)]
    [InlineData("2001:db8::1", false)]
    public void Only_an_address_that_is_not_private_is_warned_of(string address, bool isPrivate) => Assert.Equal(isPrivate, PlainConnectionsNotice.IsPrivate(IPAddress.Parse(address)));

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Delete(recursive: true);
    }

    private static string Thumbprint(PeerTls tls) => tls.NewOptions().LocalCertificate!.Thumbprint;
}
