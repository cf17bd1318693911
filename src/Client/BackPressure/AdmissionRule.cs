using System.Globalization;
using CioOrleans.BackPressure;
using CioOrleans.Calls;
using CioOrleans.Configuration;
using CioOrleans.Limits;

namespace CioOrleans.Client.BackPressure;

/// <summary>Decides from what was measured who is turned away.</summary>
public static class AdmissionRule
{
    private static readonly TimeSpan _soonest = TimeSpan.FromSeconds(1);

    /// <summary>SDKs give up where they are told to wait for longer than this.</summary>
    private static readonly TimeSpan _latest = TimeSpan.FromSeconds(10);

    /// <summary>The rank of a call.</summary>
    public static AdmissionRank RankOf(Call call) =>
        call.LimitClass is LimitClass.TransactionalEmail or LimitClass.TransactionalPush ? AdmissionRank.Transactional
        : call.Priority == CallPriority.Bulk ? AdmissionRank.Bulk
        : AdmissionRank.Live;

    /// <summary>Whether calls of a rank are taken.</summary>
    public static Admission Judge(BackPressureSettings settings, WorkspacePressure pressure, AdmissionRank rank)
    {
        var share = rank switch
        {
            AdmissionRank.Bulk => 0.8,
            AdmissionRank.Live => 1,
            _ => 1.25,
        };
        if (settings.MinFreeDisk > 0 && pressure.FreeDisk < settings.MinFreeDisk / share)
        {
            return new Admission.Full("The dispatcher's disk is nearly full.", _latest);
        }

        if (settings.MaxQueued > 0 && pressure.Queued >= settings.MaxQueued * share)
        {
            var excess = pressure.Queued - (settings.MaxQueued * share) + 1;
            return new Admission.Full(
                string.Create(CultureInfo.InvariantCulture, $"{pressure.Queued} calls wait, and no more are taken before some are delivered."),
                Within(pressure.DeliveredPerSecond > 0 ? excess / pressure.DeliveredPerSecond : double.MaxValue));
        }

        // What is oldest goes first, as a rule: it is younger by a second after every second in which something is delivered.
        return settings.MaxAge > TimeSpan.Zero && pressure.OldestFor >= settings.MaxAge * share
            ? new Admission.Full(
                string.Create(CultureInfo.InvariantCulture, $"Calls have waited for {pressure.OldestFor.Value.TotalSeconds:0} s, and no more are taken before those are delivered."),
                Within(pressure.DeliveredPerSecond > 0 ? (pressure.OldestFor.Value - (settings.MaxAge * share)).TotalSeconds : double.MaxValue))
            : Admission.Open.Instance;
    }

    private static TimeSpan Within(double seconds) =>
        seconds >= _latest.TotalSeconds ? _latest : seconds <= _soonest.TotalSeconds ? _soonest : TimeSpan.FromSeconds(Math.Ceiling(seconds));
}
