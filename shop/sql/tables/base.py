"""What all tables share."""

from sqlalchemy import Column, ForeignKey, MetaData, Text

metadata = MetaData()


def of_order() -> Column:
    """The order that a row belongs to."""
    return Column("order_number", Text, ForeignKey("orders.number"), nullable=False, index=True)
