namespace CioOrleans.Scheduling;

/// <summary>Which of two queues goes: the first one, except that one turn in <see cref="Turns"/> belongs to the second while both wait, so that it is never starved.</summary>
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
