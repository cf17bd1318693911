using CioOrleans.Configuration;
using CioOrleans.Grains.Configuration;
using CioOrleans.Grains.Leasing;
using CioOrleans.Limits;

namespace CioOrleans.Silo.Configuration;

/// <summary>Reads one section under <c>Workspaces</c>.</summary>
internal static class WorkspaceReader
{
    private static readonly SettingFormat<TimeSpan> _delay = SettingFormats.Duration(TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(1));
    private static readonly SettingFormat<TimeSpan> _attemptTimeout = SettingFormats.Duration(LeaseTerms.ShortestAttemptTimeout, LeaseTerms.LongestAttemptTimeout);
    private static readonly SettingFormat<TimeSpan> _linger = SettingFormats.Duration(TimeSpan.Zero, TimeSpan.FromSeconds(1));
    private static readonly SettingFormat<TimeSpan> _sdkRetryWindow = SettingFormats.Duration(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));
    private static readonly SettingFormat<TimeSpan> _age = SettingFormats.Duration(TimeSpan.Zero, TimeSpan.FromHours(720));
    private static readonly SettingFormat<TimeSpan> _keepImports = SettingFormats.Duration(TimeSpan.FromHours(1), TimeSpan.FromHours(8_760));
    private static readonly SettingFormat<TimeSpan> _keepDeadLetters = SettingFormats.Duration(TimeSpan.FromHours(1), TimeSpan.FromHours(87_600));
    private static readonly Uri _nowhere = new("http://127.0.0.1");

    /// <summary>Why no request could be sent under the lease of a workspace whose settings were made in code; null if requests can be sent.</summary>
    public static string? RefuseLease(WorkspaceSettings settings) =>
        settings.AttemptTimeout >= LeaseTerms.ShortestAttemptTimeout && settings.AttemptTimeout <= LeaseTerms.LongestAttemptTimeout
            ? null
            : $"Dispatcher:Workspaces:{settings.Name}:AttemptTimeout = '{DurationText.Format(settings.AttemptTimeout)}': expected {_attemptTimeout.Expected}.";

    public static WorkspaceSettings Read(string name, SettingsNode node)
    {
        var region = node.Read("Region", SettingFormats.Choice(Region.US, Region.EU), Region.US);
        var defaults = new WorkspaceSettings { Name = name, SiteId = string.Empty, ApiKey = string.Empty, TrackUrl = _nowhere, AppUrl = _nowhere, LimitGroups = [] };
        var settings = defaults with
        {
            SiteId = node.Require("SiteId", SettingFormats.SiteId, string.Empty),
            ApiKey = node.Require("ApiKey", SettingFormats.Secret, string.Empty),
            AppApiKey = node.ReadOptional("AppApiKey", SettingFormats.Secret),
            ServiceToken = node.ReadOptional("ServiceToken", SettingFormats.Secret),
            WorkspaceId = node.ReadOptional("WorkspaceId", SettingFormats.WorkspaceId),
            TrackUrl = node.Read("TrackUrl", SettingFormats.Host, RegionHosts.Track(region)),
            PipelinesWriteKey = node.ReadOptional("PipelinesWriteKey", SettingFormats.WriteKey),
            PipelinesUrl = node.Read("PipelinesUrl", SettingFormats.Host, RegionHosts.Pipelines(region)),
            Browser = BrowserReader.Read(node.Section("Pipelines")),
            AppUrl = node.Read("AppUrl", SettingFormats.Host, RegionHosts.App(region)),
            LimitGroups = LimitsReader.Read(
                node.Section("Limits"),
                node.Read("LimitProfile", SettingFormats.Choice(LimitProfile.Default, LimitProfile.Published), LimitProfile.Default)),
            Retry = ReadRetry(node.Section("Retry"), defaults.Retry),
            Stamping = ReadStamping(node.Section("Stamping"), defaults.Stamping),
            Sends = SendsReader.Read(node.Section("Sends")),
            BackPressure = ReadBackPressure(node.Section("BackPressure"), defaults.BackPressure),
            Batching = ReadBatching(node.Section("Batching"), defaults.Batching),
            Deduplication = ReadDeduplication(node.Section("Deduplication"), defaults.Deduplication),
            KeepImports = ReadKeepImports(node.Section("Imports"), defaults.KeepImports),
            KeepDeadLetters = ReadKeepDeadLetters(node.Section("DeadLetters")),
            OnDeadLetter = node.Read("OnDeadLetter", SettingFormats.Choice(DeadLetterPolicy.Continue, DeadLetterPolicy.Hold), defaults.OnDeadLetter),
            TokenReturn = node.Read("TokenReturn", SettingFormats.Choice(TokenReturn.AfterResponse, TokenReturn.AfterSend), defaults.TokenReturn),
            MaxConcurrency = node.Read("MaxConcurrency", SettingFormats.Whole(1, 10_000), defaults.MaxConcurrency),
            AttemptTimeout = node.Read("AttemptTimeout", _attemptTimeout, defaults.AttemptTimeout),
        };
        RefuseHalfAToken(settings, node);
        node.RefuseTheRest();
        return settings;
    }

    private static void RefuseHalfAToken(WorkspaceSettings settings, SettingsNode node)
    {
        if (settings.ServiceToken is null != settings.WorkspaceId is null)
        {
            var missing = settings.ServiceToken is null ? "ServiceToken" : "WorkspaceId";
            node.Errors.Missing(node.PathOf(missing), "ServiceToken and WorkspaceId together, or neither");
        }

        if (settings.Sends.Host == SendHost.Track && settings.ServiceToken is null)
        {
            node.Errors.Wrong(node.PathOf("Sends:Host"), nameof(SendHost.Track), "App where the workspace has no ServiceToken, because the Track API's host takes messages with such a token only");
        }
    }

    private static TimeSpan ReadKeepImports(SettingsNode node, TimeSpan standard)
    {
        var keep = node.Read("Keep", _keepImports, standard);
        node.RefuseTheRest();
        return keep;
    }

    private static TimeSpan? ReadKeepDeadLetters(SettingsNode node)
    {
        var keep = node.Read("Keep", _keepDeadLetters, TimeSpan.Zero);
        node.RefuseTheRest();
        return keep == TimeSpan.Zero ? null : keep;
    }

    private static RetrySettings ReadRetry(SettingsNode node, RetrySettings defaults)
    {
        var baseDelay = node.Read("BaseDelay", _delay, defaults.BaseDelay);
        var retry = defaults with
        {
            MaxRetries = node.Read("MaxRetries", SettingFormats.Whole(0, 1_000), defaults.MaxRetries),
            BaseDelay = baseDelay,
            MaxDelay = node.Read("MaxDelay", _delay, baseDelay > defaults.MaxDelay ? baseDelay : defaults.MaxDelay),
            Jitter = node.Read("Jitter", SettingFormats.Fraction(0, 1), defaults.Jitter),
        };
        if (retry.MaxDelay < retry.BaseDelay)
        {
            node.Errors.Wrong(node.PathOf("MaxDelay"), DurationText.Format(retry.MaxDelay), $"at least BaseDelay, which is {DurationText.Format(retry.BaseDelay)}");
        }

        node.RefuseTheRest();
        return retry;
    }

    private static BatchingSettings ReadBatching(SettingsNode node, BatchingSettings defaults)
    {
        var batching = defaults with
        {
            Mode = node.Read("Mode", SettingFormats.Choice(BatchingMode.Off, BatchingMode.V2Only, BatchingMode.All), defaults.Mode),
            MaxItems = node.Read("MaxItems", SettingFormats.Whole(1, 1_000), defaults.MaxItems),
            MaxBytes = node.Read("MaxBytes", SettingFormats.Whole(32_768, 500_000), defaults.MaxBytes),
            Linger = node.Read("Linger", _linger, defaults.Linger),
        };
        node.RefuseTheRest();
        return batching;
    }

    private static DeduplicationSettings ReadDeduplication(SettingsNode node, DeduplicationSettings defaults)
    {
        var deduplication = defaults with
        {
            Enabled = node.Read("Enabled", SettingFormats.Flag, defaults.Enabled),
            SdkRetries = node.Read("SdkRetries", SettingFormats.Flag, defaults.SdkRetries),
            SdkRetryWindow = node.Read("SdkRetryWindow", _sdkRetryWindow, defaults.SdkRetryWindow),
        };
        node.RefuseTheRest();
        return deduplication;
    }

    private static BackPressureSettings ReadBackPressure(SettingsNode node, BackPressureSettings defaults)
    {
        var pressure = defaults with
        {
            MaxQueued = node.Read("MaxQueued", SettingFormats.Whole(0, 2_000_000_000), defaults.MaxQueued),
            MaxAge = node.Read("MaxAge", _age, defaults.MaxAge),
            MinFreeDisk = node.Read("MinFreeDisk", SettingFormats.Size, defaults.MinFreeDisk),
        };
        node.RefuseTheRest();
        return pressure;
    }

    private static StampingSettings ReadStamping(SettingsNode node, StampingSettings defaults)
    {
        var stamping = defaults with
        {
            EventId = node.Read("EventId", SettingFormats.Flag, defaults.EventId),
            EventTimestamp = node.Read("EventTimestamp", SettingFormats.Flag, defaults.EventTimestamp),
            IdentifyTimestamp = node.Read("IdentifyTimestamp", SettingFormats.Flag, defaults.IdentifyTimestamp),
        };
        node.RefuseTheRest();
        return stamping;
    }
}
