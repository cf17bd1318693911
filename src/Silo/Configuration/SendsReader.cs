using CioOrleans.Configuration;
using CioOrleans.Limits;

namespace CioOrleans.Silo.Configuration;

/// <summary>Reads a workspace's section <c>Sends</c>.</summary>
internal static class SendsReader
{
    private static readonly SettingFormat<TimeSpan> _deadline = SettingFormats.Duration(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(50));
    private static readonly SettingFormat<TimeSpan> _keep = SettingFormats.Duration(TimeSpan.FromMinutes(1), TimeSpan.FromHours(720));

    private static readonly SettingFormat<LimitClass> _class = new(
        "transactional-push or transactional-email",
        (string text, out LimitClass value) => LimitClassNames.TryParse(text, out value) && value is LimitClass.TransactionalEmail or LimitClass.TransactionalPush);

    public static SendSettings Read(SettingsNode node)
    {
        var defaults = new SendSettings();
        var sends = defaults with
        {
            Mode = node.Read("Mode", SettingFormats.Choice(SendMode.Forward, SendMode.Durable), defaults.Mode),
            Deadline = node.Read("Deadline", _deadline, defaults.Deadline),
            UnknownOutcome = node.Read(
                "UnknownOutcome", SettingFormats.Choice(UnknownOutcomeAnswer.DoNotRepeat, UnknownOutcomeAnswer.AsReceived), defaults.UnknownOutcome),
            Sms = node.Read("Sms", _class, defaults.Sms),
            InApp = node.Read("InApp", _class, defaults.InApp),
            InboxMessage = node.Read("InboxMessage", _class, defaults.InboxMessage),
            Host = node.Read("Host", SettingFormats.Choice(SendHost.App, SendHost.Track), defaults.Host),
            KeepResults = node.Read("KeepResults", _keep, defaults.KeepResults),
        };
        node.RefuseTheRest();
        return sends;
    }
}
