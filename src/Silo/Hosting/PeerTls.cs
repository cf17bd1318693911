using System.Net.Security;
using CioOrleans.Silo.Configuration;
using Orleans.Connections.Security;

namespace CioOrleans.Silo.Hosting;

/// <summary>
/// Mutual TLS between the processes of a cluster. The files are read for each new connection, so a certificate can be renewed without a restart. Contents are
/// compared instead of times, because Kubernetes replaces a folder behind a link. If the new files are wrong, the last valid ones stay in use.
/// </summary>
internal sealed partial class PeerTls
{
    private readonly Lock _lock = new();
    private readonly TlsSettings _files;
    private readonly ILogger<PeerTls> _logger;
    private PemResult.Read? _contents;
    private Identity? _identity;
    private WrongFile? _reported;

    public PeerTls(TlsSettings files, ILogger<PeerTls> logger)
    {
        (_files, _logger) = (files, logger);
        if (Refresh() is { } wrong)
        {
            throw new IOException($"Dispatcher:Cluster:Tls:{wrong.Name} = '{wrong.Path}': expected {wrong.Expected}.");
        }
    }

    /// <summary>The options for both ends of a connection.</summary>
    public TlsOptions NewOptions() => new()
    {
        // Orleans requires a certificate here; each handshake replaces it below.
        LocalCertificate = Current().Certificates.Certificate,
        RemoteCertificateMode = RemoteCertificateMode.RequireCertificate,
        ClientCertificateMode = RemoteCertificateMode.RequireCertificate,

        // Processes are recognised by their authority, because certificates do not hold the addresses of pods.
        RemoteCertificateValidation = (_, _, errors) => (errors & ~SslPolicyErrors.RemoteCertificateNameMismatch) == SslPolicyErrors.None,
        OnAuthenticateAsServer = (_, options) => Apply((SslServerAuthenticationOptions)options.SslServerAuthenticationOptions),
        OnAuthenticateAsClient = (_, options) => Apply((SslClientAuthenticationOptions)options.SslClientAuthenticationOptions),
    };

    private void Apply(SslServerAuthenticationOptions options)
    {
        var identity = Current();
        options.ServerCertificate = null;
        options.ServerCertificateSelectionCallback = null;
        options.ServerCertificateContext = identity.Context;
        options.ClientCertificateRequired = true;
        options.CertificateChainPolicy = identity.Certificates.NewPolicy(PeerCertificates.ClientAuthentication);

        // A resumed session would be accepted without a check against the authority, which may have changed.
        options.AllowTlsResume = false;
    }

    private void Apply(SslClientAuthenticationOptions options)
    {
        var identity = Current();
        options.ClientCertificates = null;
        options.LocalCertificateSelectionCallback = null;
        options.ClientCertificateContext = identity.Context;
        options.CertificateChainPolicy = identity.Certificates.NewPolicy(PeerCertificates.ServerAuthentication);
        options.AllowTlsResume = false;
    }

    private Identity Current()
    {
        lock (_lock)
        {
            var wrong = Refresh();
            if (wrong is not null && wrong != _reported)
            {
                LogWrongFile(_logger, wrong.Name, wrong.Path, wrong.Expected);
            }

            _reported = wrong;
            return _identity!;
        }
    }

    /// <summary>Uses the files' new contents if they have changed. Returns the file that cannot be used, or null.</summary>
    private WrongFile? Refresh()
    {
        switch (PeerCertificates.ReadFiles(_files))
        {
            case PemResult.Unreadable unreadable:
                return unreadable.File;

            case PemResult.Read contents when contents != _contents:
                switch (PeerCertificates.Parse(_files, contents))
                {
                    case PeerCertificatesResult.Invalid invalid:
                        return invalid.File;

                    case PeerCertificatesResult.Valid valid:
                        var certificates = valid.Certificates;
                        _identity = new Identity(certificates, SslStreamCertificateContext.Create(certificates.Certificate, certificates.Intermediates, offline: true));
                        _contents = contents;
                        LogInUse(_logger, certificates.Certificate.Subject, certificates.Certificate.NotAfter.ToUniversalTime());
                        break;
                }

                break;
        }

        return null;
    }

    /// <summary>A handshake keeps the identity that it began with.</summary>
    private sealed record Identity(PeerCertificates Certificates, SslStreamCertificateContext Context);
}
