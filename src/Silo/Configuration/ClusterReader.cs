namespace CioOrleans.Configuration;

/// <summary>Reads <c>Cluster</c>.</summary>
internal static class ClusterReader
{
    public static ClusterSettings Read(SettingsNode node, StorageSettings storage, IReadOnlyList<StorageProvider> available)
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
            Membership = ReadMembership(node.Section("Membership")),
        };
        RefuseContradictions(node, settings, storage, available);
        node.RefuseTheRest();
        return settings;
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

    private static void RefuseContradictions(SettingsNode node, ClusterSettings settings, StorageSettings storage, IReadOnlyList<StorageProvider> available)
    {
        if (settings.Mode != ClusterMode.Embedded && !available.Contains(StorageProvider.Postgres))
        {
            node.Errors.Wrong(node.PathOf("Mode"), settings.Mode.ToString(), "Embedded; the other modes need PostgreSQL, which this version does not have");
        }
        else if (settings.Mode != ClusterMode.Embedded && storage.Provider != StorageProvider.Postgres)
        {
            node.Errors.Wrong(node.PathOf("Mode"), settings.Mode.ToString(), $"Embedded with {storage.Provider}, or Dispatcher:Storage:Provider = Postgres");
        }

        if (settings.SiloPort == settings.GatewayPort)
        {
            node.Errors.Wrong(node.PathOf("GatewayPort"), $"{settings.GatewayPort}", "another port than SiloPort");
        }
    }
}
