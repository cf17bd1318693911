namespace CioOrleans.Testing.Cluster;

/// <summary>
/// Judges the order in which the calls of each person arrived. Whether Customer.io took a call does not matter: no attempt may arrive behind an attempt of a later call.
/// </summary>
public static class OrderJudge
{
    /// <param name="load">The load.</param>
    /// <param name="arrivals">In the order of arrival.</param>
    /// <param name="onItsWay">For so long after it was sent a call without an answer may arrive behind later ones.</param>
    public static OrderVerdict Judge(Load load, IReadOnlyList<Arrival> arrivals, TimeSpan onItsWay)
    {
        var latest = new Dictionary<string, Call>();
        var arrived = new HashSet<string>();
        var taken = new HashSet<string>();
        var replayed = load.Replayed.ToHashSet();
        var verdict = new OrderVerdict([], [], []);
        foreach (var arrival in arrivals)
        {
            var call = load.Calls[arrival.Mark];
            var isFirst = arrived.Add(call.Mark);
            var wasTaken = !(arrival.IsTaken ? taken.Add(call.Mark) : !taken.Contains(call.Mark));

            // A replayed call is placed after all waiting calls.
            if (replayed.Contains(call.Mark) && !isFirst)
            {
                continue;
            }

            foreach (var person in call.People)
            {
                if (!latest.TryGetValue(person, out var later) || later.Unit <= call.Unit)
                {
                    latest[person] = call;
                    continue;
                }

                var problem = $"{call.Mark} ({call.Kind}, {call.End}, sent {call.SentAt:HH:mm:ss.fff}) arrived {arrival.At:HH:mm:ss.fff} behind {later.Mark} ({later.Kind}, sent {later.SentAt:HH:mm:ss.fff})";
                if (wasTaken)
                {
                    verdict.StaleRepeats.Add(problem);
                }
                else if (call.End is CallEnd.Acknowledged)
                {
                    verdict.Violations.Add(problem);
                }
                else if (call.End is CallEnd.Refused || later.SentAt - call.SentAt > onItsWay)
                {
                    verdict.Stragglers.Add(problem);
                }
            }
        }

        return verdict;
    }
}

/// <summary>What is wrong with the order.</summary>
/// <param name="Violations">Acknowledged calls behind later ones.</param>
/// <param name="Stragglers">Calls that were not acknowledged, behind later ones.</param>
/// <param name="StaleRepeats">Calls that had been taken, again behind later ones.</param>
public sealed record OrderVerdict(List<string> Violations, List<string> Stragglers, List<string> StaleRepeats);
