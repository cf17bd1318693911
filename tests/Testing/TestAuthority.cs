using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CioOrleans.Testing;

/// <summary>An authority that signs certificates, and PEM files of both.</summary>
public sealed class TestAuthority : IDisposable
{
    public const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    public const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private static readonly string[] _both = [ServerAuthentication, ClientAuthentication];

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _root;
    private readonly string _folder;
    private readonly DateTimeOffset _now;

    /// <param name="folder">Where its files go.</param>
    /// <param name="name">Of the authority; begins the names of its files.</param>
    public TestAuthority(string folder, string name)
    {
        (_folder, Name, _now) = (folder, name, TimeProvider.System.GetUtcNow());
        var request = new CertificateRequest($"CN={name}", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        _root = request.CreateSelfSigned(_now.AddDays(-30), _now.AddDays(30));
        File.WriteAllText(RootFile, _root.ExportCertificatePem());
    }

    public string Name { get; }

    /// <summary>The file with the authority's own certificate.</summary>
    public string RootFile => PathOf("authority");

    public string PathOf(string name) => Path.Combine(_folder, $"{Name}-{name}.pem");

    /// <summary>Signs a certificate for a new key and writes both.</summary>
    /// <param name="name">The subject, and the names of the files.</param>
    /// <param name="usages">Extended key usages; null for both.</param>
    /// <param name="from">Valid from now on, with this offset in days, for two days.</param>
    public (string Certificate, string Key) Issue(string name, IReadOnlyList<string>? usages = null, double from = -1)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var oids = new OidCollection();
        foreach (var usage in usages ?? _both)
        {
            oids.Add(new Oid(usage));
        }

        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(oids, critical: false));
        using var certificate = request.Create(_root, _now.AddDays(from), _now.AddDays(from + 2), RandomNumberGenerator.GetBytes(8));
        var (certificateFile, keyFile) = (PathOf(name), PathOf($"{name}-key"));
        File.WriteAllText(certificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        return (certificateFile, keyFile);
    }

    public void Dispose()
    {
        _root.Dispose();
        _key.Dispose();
    }
}
