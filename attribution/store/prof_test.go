package store

import (
	"testing"
)

func BenchmarkParseClick(b *testing.B) {
	line := []byte(`{"tx_id":"0190a1b2c3d4e5f60718293a4b5c6d7e","real_tx_id":"0190a1b2c3d4e5f60718293a4b5c6d7e","request_time":"2025-12-31T23:59:59.042Z","request_date":"2025-12-31","status":"Approved","blocked":0,"monitoring_mode":0,"is_bot":0,"is_old_browser":0,"is_old_os":0,"preview_url_enabled":0,"filters_passed":["BOT","DUPLICATE_USER","ISP","VPN"],"filter_group_id":"5a6b7c8d9e0f1a2b","real_filter_group_id":"5a6b7c8d9e0f1a2b","integration_id":"6f1d7a3c5e8b4d20","integration_type":"Direct","organization_id":"1a2b3c4d5e6f7a8b","offer":"Offer 1","offer_id":"1","offer_db_id":"offer000000000ab","advertiser":"Advertiser 1","advertiser_id":"1","advertiser_db_id":"advertiserabcd","publisher":"Publisher 33","publisher_db_id":"publisher000000","real_offer_id":"1","real_publisher":"33","landing_page_id":"1","sub_id":"src-1","sub_id_2":"search","sub_id_3":"4444","external_transaction_id":"0011223344556677","referer":"https://site-333.example/articles/44444","click_ip":"203.0.113.7","uuid":"0190a1b2c3d4e5f60718293a4b5c6d7e","user_agent":"Mozilla/5.0 (Linux; Android 14; SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Mobile Safari/537.36","browser_language":["de-DE","de","en"],"country":"DE","city":"Berlin","lat":50.9375,"long":11.22,"ip_network":"203.0.113.0/24","asn":64500,"isp":"Carrier 333","browser_name":"Chrome","browser_version":"128.0","os_name":"Android","os_version":"14","device_type":"Phone","extra_params":{"keys":["utm_campaign"],"values":["c333"]},"server_region":"eu-west","node":"edge-1","config_version":"1042"}`)
	for b.Loop() {
		if _, err := parseClick(line); err != nil {
			b.Fatal(err)
		}
	}
}
