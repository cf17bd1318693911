namespace CioOrleans.Configuration;

/// <summary>What a process does about the database's schema when it starts. SQLite's file is always brought up to date.</summary>
public enum MigrationMode
{
    /// <summary>Brings it up to date, which takes the right to create tables.</summary>
    Run,

    /// <summary>Only looks whether somebody has: see the <c>migrate</c> command of src/Silo.</summary>
    Check,
}
