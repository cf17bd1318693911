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
        };
        RefuseContradictions(node, settings, storage, available);
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
