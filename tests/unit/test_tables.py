from pipeline.tables import TABLES


def test_every_table_is_ordered_by_columns_of_its_own() -> None:
    for table in TABLES:
        assert len(set(table.column_names)) == len(table.columns)
        assert set(table.order) <= set(table.column_names)
