"""Airflow (3): the customer report, monthly; the project stands in /srv/crm on the machine of the worker.

A command rather than imported Python: Airflow's packages and the report's would otherwise have to agree.
"""

from datetime import timedelta

import pendulum
from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG
from airflow.timetables.interval import CronDataIntervalTimetable

with DAG(
    dag_id="customer_report",
    # said outright: Airflow 3 gives a plain cron text an interval of no length, whose start is a month too late
    schedule=CronDataIntervalTimetable("0 6 2 * *", timezone="Europe/Berlin"),
    start_date=pendulum.datetime(2026, 10, 2, tz="Europe/Berlin"),
    catchup=False,
    # a series is held by one run at a time: the second would end with 75
    max_active_runs=1,
) as dag:
    BashOperator(
        task_id="publish",
        # the month comes from the schedule, not from the clock: a task cleared in May still makes March
        bash_command=(
            "cd /srv/crm && .venv/bin/crm run params/shop.yaml"
            " --month {{ data_interval_start.strftime('%Y-%m') }} --resume"
        ),
        # from a secrets backend; rendered values of `env` are masked in Airflow's log
        env={"CRM_KEY": "{{ conn.crm_key.password }}"},
        append_env=True,
        # worth it for 75 (held), 5 (killed) and 8 (disk); after 2, 3, 4, 6 and 7 a person must look
        retries=1,
        retry_delay=timedelta(minutes=30),
        # Airflow takes 99 for "skipped"; no code of crm means that
        skip_on_exit_code=None,
    )
