namespace CioOrleans.Grains.Scheduling;

/// <summary>
/// Chooses between two queues. The first goes before the second, except for one turn in <see cref="Turns"/> while both wait, so that the second never starves.
/// </summary>
internal struct Precedence
{
    public const int Turns = 16;

    private int _passedOver;

    public bool FirstGoes(bool firstWaits, bool secondWaits)
    {
        if (!firstWaits || !secondWaits)
        {
            return firstWaits;
        }

        _passedOver = (_passedOver + 1) % Turns;
        return _passedOver != 0;
    }
}
