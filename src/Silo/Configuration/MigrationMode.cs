namespace CioOrleans.Silo.Configuration;

/// <summary>What a process does with the database's schema when it starts. SQLite's schema is always brought up to date.</summary>
public enum MigrationMode
{
    /// <summary>Brings the schema up to date. Needs the right to create tables.</summary>
    Run,

    /// <summary>Only checks that the schema is up to date: see the <c>migrate</c> command of src/Silo.</summary>
    Check,
}
