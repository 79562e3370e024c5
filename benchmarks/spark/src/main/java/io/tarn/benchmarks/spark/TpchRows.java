package io.tarn.benchmarks.spark;

import io.trino.tpch.TpchColumn;
import io.trino.tpch.TpchColumnType;
import io.trino.tpch.TpchEntity;
import io.trino.tpch.TpchTable;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * One TPC-H table as Spark sees it: its schema, and its rows in parts that can be generated apart. Prices are exact decimals, so that sums do not
 * depend on the order of rows and results of two runs can be compared bit by bit. Not thread-safe; each task makes its own.
 */
final class TpchRows<E extends TpchEntity> {
    private static final int DECIMAL_PRECISION = 12;
    private static final int DECIMAL_SCALE = 2;

    private final TpchTable<E> table;
    private final List<TpchColumn<E>> columns;

    private TpchRows(TpchTable<E> table) {
        this.table = table;
        columns = table.getColumns();
    }

    static TpchRows<?> of(String tableName) {
        return new TpchRows<>(TpchTable.getTable(tableName));
    }

    StructType schema() {
        StructType schema = new StructType();
        for (TpchColumn<E> column : columns) {
            schema = schema.add(column.getColumnName(), sparkType(column.getType()), false);
        }
        return schema;
    }

    /** The rows of part {@code part} of {@code parts}, counted from 1. */
    Iterator<Row> part(double scale, int part, int parts) {
        Iterator<E> entities = table.createGenerator(scale, part, parts).iterator();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return entities.hasNext();
            }

            @Override
            public Row next() {
                return row(entities.next());
            }
        };
    }

    private Row row(E entity) {
        Object[] values = new Object[columns.size()];
        for (int index = 0; index < values.length; index++) {
            values[index] = value(columns.get(index), entity);
        }
        return RowFactory.create(values);
    }

    private static <E extends TpchEntity> Object value(TpchColumn<E> column, E entity) {
        return switch (column.getType().getBase()) {
            case INTEGER -> column.getInteger(entity);
            case IDENTIFIER -> column.getIdentifier(entity);
            case DATE -> LocalDate.ofEpochDay(column.getDate(entity));
            case DOUBLE -> BigDecimal.valueOf(Math.round(column.getDouble(entity) * 100), DECIMAL_SCALE);
            case VARCHAR -> column.getString(entity);
        };
    }

    private static DataType sparkType(TpchColumnType type) {
        return switch (type.getBase()) {
            case INTEGER -> DataTypes.IntegerType;
            case IDENTIFIER -> DataTypes.LongType;
            case DATE -> DataTypes.DateType;
            case DOUBLE -> DataTypes.createDecimalType(DECIMAL_PRECISION, DECIMAL_SCALE);
            case VARCHAR -> DataTypes.StringType;
        };
    }
}
