using CioOrleans.Silo.Configuration;
using CioOrleans.Testing;

namespace CioOrleans.Settings.Tests;

public sealed class TlsTests : IDisposable
{
    private const string CertificateFile = "a readable PEM file with a certificate";
    private const string KeyFile = "a readable PEM file with the private key of Certificate, not encrypted";
    private const string AuthorityFile = "a readable PEM file with the root certificates that sign the certificates of all processes";
    private const string Accepted = "a certificate that is valid now, is signed by Authority, and may be used for serverAuth and clientAuth";
    private const string AllThree = "the path of a PEM file: TLS needs Certificate, Key and Authority";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cio-tls-");
    private readonly TestAuthority _authority;
    private readonly string _certificate;
    private readonly string _key;

    public TlsTests()
    {
        _authority = new TestAuthority(_folder.FullName, "ours");
        (_certificate, _key) = _authority.Issue("silo");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Without_its_settings_there_is_no_TLS(string? value) => Assert.Null(Reading.Valid(Settings(value, value, value)).Cluster.Tls);

    [Fact]
    public void The_three_files_are_read() => Assert.Equal(
        new TlsSettings(_certificate, _key, _authority.RootFile),
        Reading.Valid(Settings(_certificate, _key, _authority.RootFile)).Cluster.Tls);

    [Fact]
    public void One_or_two_of_the_three_are_refused()
    {
        Assert.Equal(
            [$"Dispatcher:Cluster:Tls:Key is missing: expected {AllThree}.", $"Dispatcher:Cluster:Tls:Authority is missing: expected {AllThree}."],
            Reading.Errors(Settings(_certificate, null, null)));
        Assert.Equal([$"Dispatcher:Cluster:Tls:Certificate is missing: expected {AllThree}."], Reading.Errors(Settings(null, _key, _authority.RootFile)));
        Assert.Equal([$"Dispatcher:Cluster:Tls:Key is missing: expected {AllThree}."], Reading.Errors(Settings(_certificate, "", _authority.RootFile)));
    }

    [Theory]
    [InlineData("Certificate", CertificateFile)]
    [InlineData("Key", KeyFile)]
    [InlineData("Authority", AuthorityFile)]
    public void A_file_that_is_missing_or_holds_something_else_is_refused(string name, string expected)
    {
        var nonsense = _authority.PathOf("nonsense");
        File.WriteAllText(nonsense, "hello");
        var broken = _authority.PathOf("broken");
        File.WriteAllText(broken, "-----BEGIN CERTIFICATE-----\naGVsbG8=\n-----END CERTIFICATE-----\n-----BEGIN PRIVATE KEY-----\naGVsbG8=\n-----END PRIVATE KEY-----\n");

        foreach (var path in new[] { _authority.PathOf("nowhere"), _folder.FullName, nonsense, broken })
        {
            AssertRefused(name, path, expected, Settings(
                name == "Certificate" ? path : _certificate, name == "Key" ? path : _key, name == "Authority" ? path : _authority.RootFile));
        }
    }

    [Fact]
    public void A_key_that_does_not_fit_is_refused()
    {
        var (_, other) = _authority.Issue("other");

        AssertRefused("Key", other, KeyFile, Settings(_certificate, other, _authority.RootFile));
    }

    [Fact]
    public void A_certificate_that_no_peer_would_accept_is_refused()
    {
        using var stranger = new TestAuthority(_folder.FullName, "theirs");
        (string Certificate, string Key)[] refused =
        [
            stranger.Issue("silo"),
            _authority.Issue("past", from: -3),
            _authority.Issue("future", from: 1),
            _authority.Issue("server", [TestAuthority.ServerAuthentication]),
            _authority.Issue("client", [TestAuthority.ClientAuthentication]),
        ];

        foreach (var (certificate, key) in refused)
        {
            AssertRefused("Certificate", certificate, Accepted, Settings(certificate, key, _authority.RootFile));
        }
    }

    [Fact]
    public void An_authority_may_be_one_of_several_while_it_is_changed()
    {
        using var next = new TestAuthority(_folder.FullName, "next");
        var both = _authority.PathOf("both");
        File.WriteAllText(both, File.ReadAllText(next.RootFile) + "\n" + File.ReadAllText(_authority.RootFile));

        Assert.Equal(new TlsSettings(_certificate, _key, both), Reading.Valid(Settings(_certificate, _key, both)).Cluster.Tls);
    }

    [Fact]
    public void A_key_in_the_place_of_its_file_is_not_shown() => Assert.Equal(
        ["Dispatcher:Cluster:Tls:Key (value not shown): expected the path of a PEM file."],
        Reading.Errors(Settings(_certificate, File.ReadAllText(_key), _authority.RootFile)));

    [Fact]
    public void On_a_file_there_is_nobody_to_talk_to() => Assert.Equal(
        [$"Dispatcher:Cluster:Tls:{nameof(TlsSettings.Authority)} changes nothing with Sqlite, which serves one process: expected Dispatcher:Storage:Provider = Postgres.",
         $"Dispatcher:Cluster:Tls:{nameof(TlsSettings.Certificate)} changes nothing with Sqlite, which serves one process: expected Dispatcher:Storage:Provider = Postgres.",
         $"Dispatcher:Cluster:Tls:{nameof(TlsSettings.Key)} changes nothing with Sqlite, which serves one process: expected Dispatcher:Storage:Provider = Postgres."],
        Reading.Errors([.. Reading.Acme, .. Settings(_certificate, _key, _authority.RootFile).Where(pair => pair.Key.StartsWith("Cluster:Tls", StringComparison.Ordinal))]));

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Delete(recursive: true);
    }

    private static void AssertRefused(string name, string path, string expected, (string Key, string? Value)[] settings)
    {
        // Long paths are cut in the message.
        var shown = path.Length <= 100 ? path : path[..100] + "…";
        Assert.Equal([$"Dispatcher:Cluster:Tls:{name} = '{shown}': expected {expected}."], Reading.Errors(settings));
    }

    private static (string Key, string? Value)[] Settings(string? certificate, string? key, string? authority) =>
    [
        .. Reading.Acme,
        ("Storage:Provider", "Postgres"), ("Storage:ConnectionString", "Host=db;Database=cio"), ("Cluster:Mode", "Silo"),
        ("Cluster:Tls:Certificate", certificate), ("Cluster:Tls:Key", key), ("Cluster:Tls:Authority", authority),
    ];
}
