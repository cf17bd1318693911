namespace CioOrleans.Silo.Configuration;

/// <summary>Reads <c>Cluster</c>.</summary>
internal static class ClusterReader
{
    private const string Remedy = "Dispatcher:Storage:Provider = Postgres";

    public static ClusterSettings Read(SettingsNode node, StorageSettings storage)
    {
        var mode = node.Read("Mode", SettingFormats.Choice(ClusterMode.Embedded, ClusterMode.Silo, ClusterMode.Client), ClusterMode.Embedded);
        var settings = new ClusterSettings
        {
            Mode = mode,
            ConnectionString = node.Read("ConnectionString", ConnectionStringFormats.Postgres, storage.ConnectionString),
            ClusterId = node.Read("ClusterId", SettingFormats.Text, "cio"),
            ServiceId = node.Read("ServiceId", SettingFormats.Text, "cio"),
            SiloPort = node.Read("SiloPort", SettingFormats.Whole(1, 65_535), 11_111),
            GatewayPort = node.Read("GatewayPort", SettingFormats.Whole(0, 65_535), 30_000),
            AdvertisedAddress = node.ReadOptional("AdvertisedAddress", SettingFormats.Address),
            Tls = ReadTls(node.Section("Tls")),
            Membership = ReadMembership(node.Section("Membership")),
        };
        node.RefuseTheRest();

        // A wrong setting was replaced by its default, which may contradict a right one. So contradictions are checked only if there is no error.
        if (node.Errors.Lines.Count == 0)
        {
            RefuseContradictions(node, settings, storage);
        }

        return settings;
    }

    private static TlsSettings? ReadTls(SettingsNode node)
    {
        var certificate = node.ReadOptional(nameof(TlsSettings.Certificate), SettingFormats.PemFile);
        var key = node.ReadOptional(nameof(TlsSettings.Key), SettingFormats.PemFile);
        var authority = node.ReadOptional(nameof(TlsSettings.Authority), SettingFormats.PemFile);
        var errors = node.Errors.Lines.Count;
        node.RefuseTheRest();
        if (!node.GivenPaths.Any() || node.Errors.Lines.Count > errors)
        {
            return null;
        }

        string[] names = [nameof(TlsSettings.Certificate), nameof(TlsSettings.Key), nameof(TlsSettings.Authority)];
        foreach (var missing in names.Where(name => !node.IsGiven(name)))
        {
            node.Errors.Missing(node.PathOf(missing), $"{SettingFormats.PemFile.Expected}: TLS needs Certificate, Key and Authority");
        }

        return certificate is not null && key is not null && authority is not null ? new TlsSettings(certificate, key, authority) : null;
    }

    private static MembershipSettings ReadMembership(SettingsNode node)
    {
        var interval = SettingFormats.Duration(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5));
        var settings = new MembershipSettings(
            node.Read("ProbeTimeout", SettingFormats.Duration(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(30)), TimeSpan.FromSeconds(1)),
            node.Read("MissedProbes", SettingFormats.Whole(1, 20), 3),
            node.Read("TableRefresh", interval, TimeSpan.FromSeconds(10)),
            node.Read("IAmAlive", interval, TimeSpan.FromSeconds(5)));
        node.RefuseTheRest();
        return settings;
    }

    private static void RefuseContradictions(SettingsNode node, ClusterSettings settings, StorageSettings storage)
    {
        if (storage.Provider == StorageProvider.Sqlite)
        {
            RefuseClusterOnFile(node, settings.Mode);
        }
        else if (settings.SiloPort == settings.GatewayPort)
        {
            node.Errors.Wrong(node.PathOf("GatewayPort"), $"{settings.GatewayPort}", "another port than SiloPort");
        }
        else if (settings.Tls is { } tls)
        {
            RefuseWrongFiles(node, tls);
        }
    }

    private static void RefuseWrongFiles(SettingsNode node, TlsSettings tls)
    {
        var wrong = PeerCertificates.ReadFiles(tls) switch
        {
            PemResult.Unreadable unreadable => unreadable.File,
            PemResult.Read contents => (PeerCertificates.Parse(tls, contents) as PeerCertificatesResult.Invalid)?.File,
            _ => null,
        };
        if (wrong is not null)
        {
            node.Errors.Wrong(node.PathOf($"Tls:{wrong.Name}"), wrong.Path, wrong.Expected);
        }
    }

    /// <summary>
    /// A setting of how silos find each other means that the operator expects several silos. With SQLite there is only one process, and it would start without
    /// an error.
    /// </summary>
    private static void RefuseClusterOnFile(SettingsNode node, ClusterMode mode)
    {
        if (mode != ClusterMode.Embedded)
        {
            node.Errors.Wrong(node.PathOf("Mode"), mode.ToString(), $"Embedded with Sqlite, or {Remedy}");
            return;
        }

        var modePath = node.PathOf("Mode");
        foreach (var path in node.GivenPaths.Where(path => !string.Equals(path, modePath, StringComparison.OrdinalIgnoreCase)))
        {
            node.Errors.Useless(path, "with Sqlite, which serves one process", Remedy);
        }
    }
}
