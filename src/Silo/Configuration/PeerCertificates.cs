using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CioOrleans.Silo.Configuration;

/// <summary>The checked contents of the files of <see cref="TlsSettings"/>: the key fits, and a peer with the same authority accepts the certificate.</summary>
/// <param name="Certificate">The certificate with its private key.</param>
/// <param name="Intermediates">The certificates between the certificate and the authority; may be empty.</param>
/// <param name="Authority">The only roots that are trusted.</param>
internal sealed record PeerCertificates(X509Certificate2 Certificate, X509Certificate2Collection Intermediates, X509Certificate2Collection Authority)
{
    /// <summary>The extended key usage for accepting connections.</summary>
    public const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    /// <summary>The extended key usage for opening connections.</summary>
    public const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private const string CertificateFile = "a readable PEM file with a certificate";
    private const string KeyFile = "a readable PEM file with the private key of Certificate, not encrypted";
    private const string AuthorityFile = "a readable PEM file with the root certificates that sign the certificates of all processes";
    private const string Accepted = "a certificate that is valid now, is signed by Authority, and may be used for serverAuth and clientAuth";

    /// <summary>Reads the files without checking their contents.</summary>
    public static PemResult ReadFiles(TlsSettings files)
    {
        if (!TryReadFile(files.Certificate, out var certificate))
        {
            return new PemResult.Unreadable(new(nameof(TlsSettings.Certificate), files.Certificate, CertificateFile));
        }

        if (!TryReadFile(files.Key, out var key))
        {
            return new PemResult.Unreadable(new(nameof(TlsSettings.Key), files.Key, KeyFile));
        }

        return TryReadFile(files.Authority, out var authority)
            ? new PemResult.Read(certificate, key, authority)
            : new PemResult.Unreadable(new(nameof(TlsSettings.Authority), files.Authority, AuthorityFile));
    }

    /// <summary>Parses and checks the contents of the files.</summary>
    /// <param name="files">Named in the error about a wrong file.</param>
    /// <param name="contents">The files' contents.</param>
    public static PeerCertificatesResult Parse(TlsSettings files, PemResult.Read contents)
    {
        if (ParseCertificates(contents.Certificate) is not { Count: > 0 } chain)
        {
            return new PeerCertificatesResult.Invalid(new(nameof(TlsSettings.Certificate), files.Certificate, CertificateFile));
        }

        if (ParseCertificates(contents.Authority) is not { Count: > 0 } authority)
        {
            return new PeerCertificatesResult.Invalid(new(nameof(TlsSettings.Authority), files.Authority, AuthorityFile));
        }

        if (WithKey(contents) is not { } certificate)
        {
            return new PeerCertificatesResult.Invalid(new(nameof(TlsSettings.Key), files.Key, KeyFile));
        }

        chain.RemoveAt(0);
        var certificates = new PeerCertificates(certificate, chain, authority);
        return certificates.IsAcceptedByPeers()
            ? new PeerCertificatesResult.Valid(certificates)
            : new PeerCertificatesResult.Invalid(new(nameof(TlsSettings.Certificate), files.Certificate, Accepted));
    }

    /// <summary>
    /// How a peer's certificate is checked. The policy is new for each call, because a TLS handshake adds the peer's certificates to it. Nothing is downloaded:
    /// the address would come from the certificate of an unknown peer.
    /// </summary>
    /// <param name="usages">The key usages that the certificate must have.</param>
    public X509ChainPolicy NewPolicy(params IEnumerable<string> usages)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(Authority);
        foreach (var usage in usages)
        {
            policy.ApplicationPolicy.Add(new Oid(usage));
        }

        return policy;
    }

    private bool IsAcceptedByPeers()
    {
        using var chain = new X509Chain { ChainPolicy = NewPolicy(ServerAuthentication, ClientAuthentication) };
        chain.ChainPolicy.ExtraStore.AddRange(Intermediates);
        return chain.Build(Certificate);
    }

    private static bool TryReadFile(string path, [MaybeNullWhen(false)] out string text)
    {
        try
        {
            text = File.ReadAllText(path);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            text = null;
            return false;
        }
    }

    private static X509Certificate2Collection? ParseCertificates(string pem)
    {
        try
        {
            var certificates = new X509Certificate2Collection();
            certificates.ImportFromPem(pem);
            return certificates;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>The first certificate with its key; null if the key does not fit.</summary>
    private static X509Certificate2? WithKey(PemResult.Read contents)
    {
        try
        {
            using var certificate = X509Certificate2.CreateFromPem(contents.Certificate, contents.Key);

            // Windows refuses keys from PEM files in a handshake, and accepts keys from PKCS #12.
            return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            return null;
        }
    }
}

/// <summary>A file of <see cref="TlsSettings"/> that cannot be used.</summary>
/// <param name="Name">The setting's name.</param>
/// <param name="Path">Its value.</param>
/// <param name="Expected">What is allowed.</param>
internal sealed record WrongFile(string Name, string Path, string Expected);

/// <summary>The contents of the files.</summary>
internal abstract record PemResult
{
    private PemResult()
    {
    }

    /// <summary>The contents. Two values are equal if no file has changed between them.</summary>
    public sealed record Read(string Certificate, string Key, string Authority) : PemResult
    {
        /// <summary>Leaves out the key, which is a secret.</summary>
        public override string ToString() => nameof(Read);
    }

    /// <summary>A file is missing or cannot be read.</summary>
    public sealed record Unreadable(WrongFile File) : PemResult;
}

/// <summary>The result of parsing the contents of the files.</summary>
internal abstract record PeerCertificatesResult
{
    private PeerCertificatesResult()
    {
    }

    /// <summary>The files can be used.</summary>
    public sealed record Valid(PeerCertificates Certificates) : PeerCertificatesResult;

    /// <summary>One of the files cannot be used.</summary>
    public sealed record Invalid(WrongFile File) : PeerCertificatesResult;
}
